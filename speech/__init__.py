"""Audio in, audio out. Imports nothing of ours."""
