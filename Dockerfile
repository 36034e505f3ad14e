# The bot as an image: dependencies are installed in one stage, the code runs in another as a user
# without rights, on a root file system that may be read-only. Build: docker compose build
#
# Base images are pinned by version. For the very bytes, add the digest that
# `docker buildx imagetools inspect python:3.11.14-slim-bookworm` shows: FROM ...@sha256:...

FROM python:3.11.14-slim-bookworm AS dependencies
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements.txt /tmp/requirements.txt
# pip compiles what it installs to bytecode, so the first start is not slower than the next.
RUN /opt/venv/bin/python -m pip install --require-hashes -r /tmp/requirements.txt

FROM python:3.11.14-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN groupadd --gid 10001 quorum \
 && useradd --uid 10001 --gid quorum --home-dir /quorum --no-create-home \
      --shell /usr/sbin/nologin quorum \
 && install -d -o quorum -g quorum /quorum /quorum/var
COPY --from=dependencies /opt/venv /opt/venv
WORKDIR /quorum
COPY requirements.txt alembic.ini LICENSE ./
COPY config config
COPY domain domain
COPY layers layers
COPY risk risk
COPY engine engine
COPY exchanges exchanges
COPY feeds feeds
COPY db db
COPY bot bot
COPY research research
COPY monitoring monitoring
COPY app app
COPY verifier verifier
RUN python -m compileall -q .
USER 10001:10001
VOLUME /quorum/var
# Asks the running bot itself; with MONITORING_PORT=0 there is nobody to ask.
HEALTHCHECK --interval=1m --timeout=5s --start-period=3m --retries=3 \
  CMD ["python", "-I", "-S", "-c", "import http.client, os, sys; port = int(os.environ.get('MONITORING_PORT') or 9464); port or sys.exit(); ask = http.client.HTTPConnection('127.0.0.1', port, timeout=3); ask.request('GET', '/healthz'); sys.exit(ask.getresponse().status != 200)"]
CMD ["python", "-m", "app", "run"]
