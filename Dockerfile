# One image, several commands: `assent serve [--role …]`, `assent store migrate`, `assent health` …
# Built twice from the same base, so that the interpreter has the same path in both stages; nothing but Python is added.
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
ENV UV_SYSTEM_CERTS=1 UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never
COPY bootstrap.lock runtime.lock /src/
RUN python3 -m venv /opt/build \
 && /opt/build/bin/pip install --no-cache-dir --require-hashes -r /src/bootstrap.lock \
 && python3 -m venv --without-pip /opt/app \
 && /opt/build/bin/uv pip install --python /opt/app/bin/python --require-hashes -r /src/runtime.lock
COPY pyproject.toml README.md LICENSE /src/
COPY core /src/core
COPY mcp_server /src/mcp_server
COPY slackbot /src/slackbot
COPY console /src/console
COPY witness /src/witness
COPY monitor /src/monitor
COPY cli /src/cli
COPY manifests/policies /src/manifests/policies
RUN /opt/build/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation -w /dist /src \
 && /opt/build/bin/uv pip install --python /opt/app/bin/python --no-deps /dist/*.whl

FROM ${PYTHON_IMAGE}
RUN groupadd --gid 10001 assent \
 && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin assent \
 && install -d -o 10001 -g 10001 -m 0700 /var/lib/assent
COPY --from=build /opt/app /opt/app
ENV PATH=/opt/app/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /var/lib/assent
# A number: Kubernetes' runAsNonRoot cannot verify a name.
USER 10001:10001
EXPOSE 8080 8081 9090
HEALTHCHECK --interval=10s --timeout=10s --start-period=30s --retries=3 CMD ["assent", "health", "--config", "/etc/assent/assent.toml"]
ENTRYPOINT ["assent"]
CMD ["serve", "--config", "/etc/assent/assent.toml"]
