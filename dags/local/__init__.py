"""Airflow on one machine without services: the in-process run and `make airflow`."""
