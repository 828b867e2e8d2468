# The portal for production. The servers beside it stand in docker-compose.yml.
FROM python:3.13-slim-bookworm AS build
RUN apt-get update && apt-get install --yes --no-install-recommends make \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig && rm -rf /var/lib/apt/lists/*
WORKDIR /portal
COPY . .
RUN make install && rm -rf node_modules
RUN SECRET_KEY=unused-while-building PRODUCTION=1 ALLOWED_HOSTS=localhost VAR_DIR=/portal/built \
    .venv/bin/python manage.py collectstatic --no-input

FROM python:3.13-slim-bookworm
RUN apt-get update && apt-get install --yes --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 999 --create-home portal && install --directory --owner portal /data /backups
WORKDIR /portal
COPY --from=build /portal /portal
ENV PATH=/portal/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp PRODUCTION=1 VAR_DIR=/data STATIC_ROOT=/portal/built/static
USER portal
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "--config", "python:digivesteralen.operations.web", "--bind", "0.0.0.0:8000", "digivesteralen.wsgi"]
