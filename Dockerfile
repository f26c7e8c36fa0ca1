# syntax=docker/dockerfile:1
# Two stages: the first builds a virtual environment, the second carries it and nothing to build with.
FROM python:3.12-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY harvester ./harvester
COPY mirror_db ./mirror_db
RUN python -m venv /opt/oai-mirror && /opt/oai-mirror/bin/pip install .

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin oai-mirror \
    && install -d -o oai-mirror -g oai-mirror -m 0750 /data /config
COPY --from=build /opt/oai-mirror /opt/oai-mirror
ENV PATH=/opt/oai-mirror/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    OAI_MIRROR_CONFIG=/config \
    OAI_MIRROR_DATABASE=/data/mirror.db
USER oai-mirror
WORKDIR /data
VOLUME ["/data"]
# SIGTERM stops the daemon within ten seconds, at a page.
STOPSIGNAL SIGTERM
ENTRYPOINT ["oai-mirror"]
CMD ["daemon"]
