"""Walk-forward optimisation: values fitted on the past are judged on days they never saw."""
