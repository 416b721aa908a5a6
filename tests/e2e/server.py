"""A real server in its own process and a real Chromium, for tests that use the app as a person does."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

CHROMIUM = os.environ.get("CODING_APP_CHROMIUM") or shutil.which("chromium")
START_SECONDS = 90
EXPECT_MS = 60_000
expect.set_options(timeout=EXPECT_MS)
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]


def free_port() -> int:
    """A port on 127.0.0.1 that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """`coding-app serve` on one data folder; can be killed and started again on the same port."""

    def __init__(self, data_dir: Path, *options: str) -> None:
        self.data_dir, self.options, self.port = data_dir, options, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self.cwd: Path | None = None  # where it is started; None: where the tests are

    @property
    def log(self) -> Path:
        """Where its output goes."""
        return self.data_dir.parent / f"server-{self.port}.log"

    def launch(self) -> None:
        """Starts the process and returns at once."""
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "coding_app", "serve", "--data", str(self.data_dir),
                 "--port", str(self.port), "--no-browser", *self.options],
                stdout=out, stderr=out, cwd=self.cwd, env={**os.environ, "HF_HUB_OFFLINE": "1"}, start_new_session=True,
            )  # fmt: skip

    def wait(self) -> None:
        """Returns when the server answers; fails with what it printed when it ended or never answers."""
        assert self.process is not None
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log.read_text()
            try:
                with urllib.request.urlopen(f"{self.url}/api/health", timeout=1) as answer:
                    assert json.load(answer)["status"] == "ok"
                    return
            except OSError:
                time.sleep(0.05)  # asks again until it answers or the deadline passes
        raise AssertionError(f"The server did not answer within {START_SECONDS} s: {self.log.read_text()}")

    def start(self) -> None:
        """Starts the process and returns when the server answers."""
        self.launch()
        self.wait()

    def kill(self) -> None:
        """kill -9 of its process group, as a power cut would."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)  # a group of its own: see launch
        self.process.wait(20)

    def stop(self) -> None:
        """Ends the server if it still runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()


@contextmanager
def a_server(data_dir: Path, *options: str) -> Iterator[Server]:
    """A started server that is stopped at the end."""
    server = Server(data_dir, *options)
    try:
        server.start()
        yield server
    finally:
        server.stop()


@contextmanager
def a_chromium() -> Iterator[Browser]:
    """The machine's own Chromium (CODING_APP_CHROMIUM or Debian's), without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()
