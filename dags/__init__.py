"""When the warehouse runs: one file per DAG. `python -m dags` runs them all in one process."""
