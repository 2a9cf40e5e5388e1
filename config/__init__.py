"""The project that runs Ensemble: settings, addresses, processes and the demo shop."""
