"""Standard input ends with a signal, whichever thread the signal meets."""

import subprocess
import sys

WAITING = """
import os, signal, sys, threading, time
from fastwright.mcp.streams import stoppable_input

def strike():
    time.sleep(0.2)  # until the main thread sleeps
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)  # not the main thread

def read(ended):
    print(repr(sys.stdin.readline()), flush=True)
    os.write(ended, b".")

signal.signal(signal.SIGTERM, lambda number, frame: print("stopped after", number))
with stoppable_input():
    done, ended = os.pipe()
    threading.Thread(target=read, args=(ended,)).start()
    threading.Thread(target=strike).start()
    os.read(done, 1)  # asleep in the system, as an event loop that waits
"""


def test_a_signal_ends_it_while_the_main_thread_sleeps() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WAITING],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.wait(30) == 0
        assert process.stdout
        assert process.stdout.read() == "''\nstopped after 15\n"
