"""Serving against FastAPI + PyTorch with the same network and weights, and against the bare network, in one run.

    python3 bench/serving/run.py [--url http://localhost:8080] [--model rung9] [--seconds 5] [--pairs 3]

Needs a running service with rung 9 published (`{"preset": "rung-9"}` on mnist), its data folder, Debian's packages hey,
python3-torch, python3-fastapi and python3-uvicorn, and `./mvnw package`.
"""

import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CLIENTS = [1, 4, 16, 64]
PEER = "http://127.0.0.1:8191"


def get(url):
    with urllib.request.urlopen(url) as answer:
        return json.load(answer)


def post(url, body):
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def load(url, file, clients, seconds):
    """Requests a second, p50 and p99 in milliseconds."""
    out = subprocess.run(
        ["hey", "-z", f"{seconds}s", "-c", str(clients), "-m", "POST", "-T", "application/json", "-D", file, url],
        capture_output=True, text=True, check=True).stdout
    statuses = re.findall(r"\[(\d+)\]\s+(\d+) responses", out)
    if [status for status, _ in statuses] != ["200"]:
        raise SystemExit(f"{url}: not only 200: {statuses}\n{out}")
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))
    # hey leaves out percentiles of few answers.
    percentile = {int(p): 1000 * float(s) for p, s in re.findall(r"(\d+)% in ([\d.]+) secs", out)}
    slowest = 1000 * float(re.search(r"Slowest:\s+([\d.]+)", out).group(1))
    return rate, percentile.get(50, slowest), percentile.get(99, slowest)


def medians(figures):
    return [statistics.median(column) for column in zip(*figures)]


def java(arguments):
    classpath = ROOT / "target" / "bench.classpath"
    if not classpath.exists():
        subprocess.run(
            ["./mvnw", "-q", "dependency:build-classpath", f"-Dmdep.outputFile={classpath}"], cwd=ROOT, check=True)
    command = ["java", "-cp", f"{ROOT / 'target' / 'classes'}:{classpath.read_text().strip()}",
               str(ROOT / "bench" / "serving" / "Bare.java"), *arguments]
    environment = dict(os.environ, OMP_NUM_THREADS="1")
    out = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    return "\n".join(line for line in out.splitlines() if re.fullmatch(r"[\d. ]+", line))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://localhost:8080")
    parser.add_argument("--model", default="rung9")
    parser.add_argument("--data", default="data", help="the service's data folder")
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--clients", type=int, nargs="*", default=CLIENTS)
    options = parser.parse_args()

    version = get(f"{options.url}/api/v1/models/{options.model}")["versions"][0]["version"]
    sha256 = get(f"{options.url}/api/v1/models/{options.model}/versions/{version}")["artifact"]["sha256"]
    artifact = f"{options.data}/artifacts/{sha256[:2]}/{sha256}"
    with tempfile.TemporaryDirectory() as folder:
        weights = f"{folder}/weights"
        java([artifact, weights])
        peer = subprocess.Popen(
            ["/usr/bin/python3", "-m", "uvicorn", "peer:app", "--port", "8191", "--log-level", "warning"],
            cwd=ROOT / "bench" / "serving", env=dict(os.environ, WEIGHTS=weights))
        try:
            compare(options, folder)
        finally:
            peer.terminate()
            peer.wait()
    print("\nthe bare network in a loop in one JVM, one thread: rows a batch, p50 ms, p99 ms, rows/s")
    print(java([artifact]))


def compare(options, folder):
    rows = get(f"{options.url}/api/v1/datasets/mnist/versions/1/rows?split=test&limit=32")["items"]
    instances = [[pixel for pixel in row["instance"]] for row in rows]
    bodies = {}
    for count in (1, 32):
        for name, body in (("ours", {"model": options.model}), ("peer", {})):
            bodies[name, count] = f"{folder}/{name}{count}.json"
            pathlib.Path(bodies[name, count]).write_text(json.dumps({**body, "instances": instances[:count]}))
    urls = {"ours": f"{options.url}/predict", "peer": f"{PEER}/predict"}
    for attempt in range(100):
        try:
            theirs = post(urls["peer"], {"instances": instances})["predictions"]
            break
        except OSError:
            time.sleep(0.2)
    ours = post(urls["ours"], {"model": options.model, "instances": instances})["predictions"]
    difference = max(abs(a - b) for o, t in zip(ours, theirs) for a, b in zip(o["probabilities"], t))
    print(f"same network: probabilities differ by at most {difference:.1e}")
    # The JVM compiles what it sees often.
    for name in urls:
        for count in (1, 32):
            load(urls[name], bodies[name, count], 16, 3 * options.seconds)
    print(f"{'rows':>4} {'clients':>7} | {'rows/s':>8} {'p50 ms':>8} {'p99 ms':>8} | {'peer':>8} {'p50':>8} {'p99':>8} |"
          f" {'rows/s':>7} {'p50':>6} {'p99':>6}   ours to peer's")
    for count in (1, 32):
        for clients in options.clients:
            figures = {"ours": [], "peer": []}
            for pair in range(options.pairs):
                for name in urls:
                    figures[name].append(load(urls[name], bodies[name, count], clients, options.seconds))
            o, p = medians(figures["ours"]), medians(figures["peer"])
            print(f"{count:>4} {clients:>7} | {o[0] * count:>8.0f} {o[1]:>8.2f} {o[2]:>8.2f} | {p[0] * count:>8.0f}"
                  f" {p[1]:>8.2f} {p[2]:>8.2f} | {o[0] / p[0]:>7.2f} {o[1] / p[1]:>6.2f} {o[2] / p[2]:>6.2f}", flush=True)


main()
