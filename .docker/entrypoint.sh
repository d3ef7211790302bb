#!/bin/sh
# Refuses to start without the operator's secrets, then becomes the command.
set -eu
umask 027

need() {
    eval "value=\${$1:-}"
    if [ -z "$value" ]; then
        echo "entrypoint: $1 is empty. Set it in .env (see .env.example)." >&2
        exit 64
    fi
}

# A part of the stack, not the command `warehouse` alone.
if [ -n "${AIRFLOW__DATABASE__SQL_ALCHEMY_CONN:-}" ]; then
    # libpq and asyncpg take the password from PGPASSWORD, so that no character of it
    # needs quoting in a URL and `airflow config list` does not show it.
    need PGPASSWORD
    need AIRFLOW__API_AUTH__JWT_SECRET
    need AIRFLOW__API__SECRET_KEY
    need AIRFLOW__CORE__FERNET_KEY
fi
if [ -n "${AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE:-}" ]; then
    need AIRFLOW_ADMIN_PASSWORD
    python3 /opt/warehouse/.docker/passwords.py
    unset AIRFLOW_ADMIN_PASSWORD
fi

exec "$@"
