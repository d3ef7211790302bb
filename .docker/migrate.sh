#!/bin/sh
# Brings Airflow's database up to date and makes the pool of the one writer. Safe to run again.
set -eu
airflow db migrate
airflow pools set duckdb_writer 1 "One process writes the warehouse at a time"
mkdir -p "$WAREHOUSE_HOME/logs"
