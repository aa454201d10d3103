"""Certificates for tests, made at test time by openssl(1)."""
import datetime
import hashlib
import os
import ssl
import subprocess

# `openssl ca` alone sets both ends of a certificate's time in OpenSSL 3.0.
CONFIGURATION = """[ca]
default_ca = test
[test]
database = {folder}/index
serial = {folder}/serial
new_certs_dir = {folder}
policy = any
default_md = sha256
unique_subject = no
rand_serial = yes
[any]
commonName = supplied
[req]
distinguished_name = name
[name]
[extensions]
{extensions}
"""
AUTHORITY = "basicConstraints = critical, CA:TRUE\nkeyUsage = critical, keyCertSign, cRLSign\nsubjectKeyIdentifier = hash"
DAY = datetime.timedelta(days=1)


class Certificate:
    """The files of a certificate: `file` and its `key`; `issuer` is None for one that signed itself."""

    def __init__(self, folder, subject, *, names="", issuer=None, usage="serverAuth", start=-1, end=30, bits=None):
        """`names` as subjectAltName has them; from `start` to `end` in days from now; an RSA key of `bits`, else P-256."""
        self.folder, self.subject, self.issuer = folder, subject, issuer
        name = os.path.join(folder, "%s-%d" % (subject.replace("*", "any"), len(os.listdir(folder))))
        self.file, self.key, self.configuration = name + ".pem", name + ".key", name + ".conf"
        extensions = AUTHORITY if usage == "ca" else "extendedKeyUsage = %s\nbasicConstraints = CA:FALSE" % usage
        if names:
            extensions += "\nsubjectAltName = " + names
        with open(self.configuration, "w") as file:
            file.write(CONFIGURATION.format(folder=folder, extensions=extensions))
        open(os.path.join(folder, "index"), "a").close()
        kind = ["rsa:%d" % bits] if bits else ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        self.openssl("req", "-new", "-newkey", *kind, "-noenc", "-keyout", self.key, "-out", name + ".csr", "-subj", "/CN=" + subject)
        now = datetime.datetime.now(datetime.timezone.utc)
        signer = ["-cert", issuer.file, "-keyfile", issuer.key] if issuer else ["-selfsign", "-keyfile", self.key]
        self.openssl("ca", "-batch", "-notext", "-in", name + ".csr", "-out", self.file, "-extensions", "extensions", *signer,
                     "-startdate", (now + start * DAY).strftime("%Y%m%d%H%M%SZ"),
                     "-enddate", (now + end * DAY).strftime("%Y%m%d%H%M%SZ"))
        os.chmod(self.key, 0o644)               # for daemons that are nobody

    def openssl(self, command, *words):
        ended = subprocess.run(["openssl", command, "-config", self.configuration, *words], capture_output=True, text=True)
        if ended.returncode:
            raise SystemExit("openssl %s: %s" % (command, ended.stderr))

    @property
    def pem(self):
        with open(self.file) as file:
            return file.read()

    @property
    def digest(self):
        """SHA-256 of the certificate, in lowercase hex."""
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(self.pem)).hexdigest()

    @property
    def key_digest(self):
        """SHA-256 of its public key (SubjectPublicKeyInfo), in lowercase hex."""
        octets = subprocess.run(["openssl", "pkey", "-in", self.key, "-pubout", "-outform", "DER"], check=True,
                                capture_output=True).stdout
        return hashlib.sha256(octets).hexdigest()


def chained(certificate):
    """A file with the certificate and those that issued it, but not the last."""
    name = certificate.file + ".chain"
    with open(name, "w") as file:
        while certificate.issuer:
            file.write(certificate.pem)
            certificate = certificate.issuer
    return name
