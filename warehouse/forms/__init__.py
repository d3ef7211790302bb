"""Forms that clusters and ministries fill in: definition, template, reader, answer."""
