# The warehouse with Airflow, for docker-compose.yml. One image serves every part.
#
# Both images are pinned by tag. Pin them by digest where you have a registry at hand:
# `docker buildx imagetools inspect python:3.11-slim-bookworm` prints it.
FROM python:3.11-slim-bookworm AS packages

WORKDIR /build
COPY requirements-uv.lock requirements-runtime.lock ./
RUN python3 -m venv /opt/uv \
    && /opt/uv/bin/pip install --quiet --no-cache-dir --disable-pip-version-check \
        --require-hashes -r requirements-uv.lock \
    && /opt/uv/bin/uv venv --quiet --python python3 /opt/venv \
    && /opt/uv/bin/uv pip sync --quiet --no-cache --compile-bytecode \
        --python /opt/venv/bin/python --require-hashes requirements-runtime.lock

FROM python:3.11-slim-bookworm

# /data holds what the warehouse writes, /inbox what it takes in: both are volumes, and take
# their owner from here when they are made.
RUN groupadd --gid 10001 warehouse \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data/airflow warehouse \
    && install -d -o warehouse -g warehouse -m 0750 /data /data/airflow /inbox

COPY --from=packages /opt/venv /opt/venv
WORKDIR /opt/warehouse
COPY warehouse ./warehouse
COPY dbt ./dbt
COPY expectations ./expectations
COPY dags ./dags
COPY .docker ./.docker
# byte code is made here: what runs may not write, and each task would compile the code anew
RUN /opt/venv/bin/python -m compileall -q warehouse dags \
    && chmod -R a+rX,go-w . \
    && install -m 0755 .docker/warehouse /usr/local/bin/warehouse

ENV PATH=/opt/venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONPATH=/opt/warehouse \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    AIRFLOW_HOME=/data/airflow \
    WAREHOUSE_HOME=/data \
    WAREHOUSE_INBOX=/inbox \
    DO_NOT_TRACK=1 \
    GX_ANALYTICS_ENABLED=false

USER warehouse
VOLUME ["/data", "/inbox"]
ENTRYPOINT ["/opt/warehouse/.docker/entrypoint.sh"]
CMD ["warehouse", "--help"]
