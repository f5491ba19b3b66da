import os

# NumPy's BLAS would start a thread for each core; our matrices are small and our processes many,
# and threads that wait for each other cost them more than they gain. Read as NumPy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from config.celery import app as celery_app

__all__ = ["celery_app"]
