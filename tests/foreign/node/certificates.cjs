// Certificates that live as long as one test, made by the openssl command.
"use strict";

const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

function openssl(...args) {
  execFileSync("openssl", args, { stdio: ["ignore", "ignore", "pipe"], timeout: 20_000 });
}

// An authority in a folder of its own, which `remove` deletes.
class Authority {
  constructor(name = "authority") {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), "errwire-"));
    this.own = this.#files(name);
    const usage = ["-addext", "keyUsage=critical,keyCertSign,cRLSign"];
    const out = ["-keyout", this.own.key, "-out", this.own.certificate];
    openssl("req", "-x509", ...KEY, "-days", "2", "-subj", `/CN=${name}`, ...usage, ...out);
  }

  // The files of a certificate for localhost, and of its key.
  sign(name, purpose = "serverAuth") {
    const signed = this.#files(name);
    const request = path.join(this.folder, "request");
    const extensions = path.join(this.folder, "extensions");
    openssl("req", "-new", ...KEY, "-subj", `/CN=${name}`, "-keyout", signed.key, "-out", request);
    const names = "subjectAltName = DNS:localhost, IP:127.0.0.1";
    fs.writeFileSync(extensions, `basicConstraints = critical, CA:FALSE\n${names}\nextendedKeyUsage = ${purpose}\n`);
    const by = ["-CA", this.own.certificate, "-CAkey", this.own.key, "-CAcreateserial"];
    openssl("x509", "-req", "-days", "2", "-in", request, ...by, "-extfile", extensions, "-out", signed.certificate);
    return signed;
  }

  remove() {
    fs.rmSync(this.folder, { recursive: true });
  }

  #files(name) {
    return { certificate: path.join(this.folder, `${name}.crt`), key: path.join(this.folder, `${name}.key`) };
  }
}

module.exports = { Authority };
