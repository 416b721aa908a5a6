"""Long work that survives a crash: a queue of jobs on DBOS behind a small port."""

from coding_app.jobs.engine import Handler, Jobs, JobsHealth, JobStatus, Steps, open_jobs

__all__ = ["Handler", "JobStatus", "Jobs", "JobsHealth", "Steps", "open_jobs"]
