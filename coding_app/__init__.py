"""Observational coding of therapy sessions, on this machine only."""

import os

# Libraries that would report their use to their makers: switched off before the first of them is loaded, also for
# child processes. onnxruntime (voice activity) otherwise writes an event database and sends it.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
