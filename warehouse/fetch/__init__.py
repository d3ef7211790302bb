"""Files of sources fetched into the inbox: http(s), sftp, s3 and drop folders."""
