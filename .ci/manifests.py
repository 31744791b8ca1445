"""Checks what a schema cannot see in the manifests, and writes the files of the ConfigMap into a folder.

Run as `manifests.py FOLDER MANIFESTS`.
"""

import pathlib
import sys

import yaml

folder, manifests = map(pathlib.Path, sys.argv[1:])


def read(name):
    return yaml.safe_load((manifests / f"{name}.yaml").read_text())


def seconds(text):
    assert text.endswith("s"), text
    return int(text.removesuffix("s"))


kustomization = read("kustomization")
there = {path.name for path in manifests.glob("*.yaml")} - {"kustomization.yaml"}
assert set(kustomization["resources"]) == there, there

files = read("configmap")["data"]
config = yaml.safe_load(files["config.yaml"])
pod = read("deployment")["spec"]["template"]["spec"]
[container] = pod["containers"]

leaving = seconds(config["pre_drain"]) + seconds(config["drain_timeout"])
assert pod["terminationGracePeriodSeconds"] > leaving, leaving
ports = {port["name"]: port["containerPort"] for port in container["ports"]}
assert config["listen"].endswith(f":{ports['grpc']}"), ports
assert config["admin_listen"].endswith(f":{ports['admin']}"), ports
mounts = {mount["name"]: mount for mount in container["volumeMounts"]}
assert config["state_dir"] == mounts["state"]["mountPath"]
assert "subPath" not in mounts["config"]
inside = mounts["config"]["mountPath"]
assert f"--config={inside}/config.yaml" in container["args"]

for name, text in files.items():
    # The catalog is next to the configuration in both places, and the state is in neither.
    text = text.replace(inside, str(folder)).replace(config["state_dir"], str(folder))
    (folder / name).write_text(text)
