# The bot as an image: dependencies are installed in one stage, the code runs in another as a user
# without rights. Build: docker compose build

FROM python:3.11-slim AS dependencies
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements.txt /tmp/requirements.txt
# pip compiles what it installs to bytecode, so the first start is not slower than the next.
RUN /opt/venv/bin/python -m pip install -r /tmp/requirements.txt

FROM python:3.11-slim
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN groupadd --gid 10001 quorum \
 && useradd --uid 10001 --gid quorum --home-dir /quorum --no-create-home quorum \
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
COPY app app
COPY verifier verifier
RUN python -m compileall -q app bot db domain engine exchanges feeds layers risk verifier
USER quorum
VOLUME /quorum/var
# Settings, disk and database; nothing is asked of the exchange or of Telegram.
HEALTHCHECK --interval=2m --timeout=20s --start-period=1m --retries=3 \
  CMD ["python", "-m", "app", "doctor", "--quick"]
CMD ["python", "-m", "app", "run"]
