"""Numbers about a running show for Prometheus, over HTTP."""
