"""Pure Chinese understanding. Stdlib only; only `components` imports Rasa."""
