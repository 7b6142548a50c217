"""Several gateways and people's processes over one store, under load, killed and drained."""
