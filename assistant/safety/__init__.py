"""The emergency guard. Stdlib only, no model: it works when everything else is down."""
