# The portal's image: one for web, worker, beat and the migrations; the command decides.
#   docker compose build

# ── Build: the libraries of the pages and the collected static files ─────────────────────────────
FROM python:3.12-slim-bookworm AS build
WORKDIR /app
RUN python -m venv /opt/build
COPY requirements/demo.txt requirements/
RUN /opt/build/bin/pip install --no-cache-dir --no-deps --require-hashes --only-binary=:all: \
    -r requirements/demo.txt
COPY . .
RUN /opt/build/bin/python scripts/static_libraries.py \
    && /opt/build/bin/python scripts/translations.py compile \
    && PORTAL_MODE=demo DATABASE_URL=postgres://nobody@nowhere/none REDIS_URL=redis://nowhere \
       STATIC_ROOT=/app/var/static /opt/build/bin/python manage.py collectstatic --noinput \
    && rm -rf node_modules

# ── Run: production requirements only, no package manager's cache, no root ───────────────────────
FROM python:3.12-slim-bookworm
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PATH=/opt/portal/bin:$PATH
RUN python -m venv /opt/portal
COPY requirements/base.txt /tmp/base.txt
RUN /opt/portal/bin/pip install --no-cache-dir --no-deps --require-hashes --only-binary=:all: \
        -r /tmp/base.txt \
    && useradd --system --uid 10001 --no-create-home portal \
    && install -d -o portal -g portal /srv/portal
COPY --from=build /app /app
WORKDIR /app
USER portal
CMD ["gunicorn", "portal.wsgi", "--bind=0.0.0.0:8000", "--workers=3", "--threads=4", \
     "--worker-tmp-dir=/tmp", "--no-control-socket", "--timeout=60", \
     "--max-requests=5000", "--max-requests-jitter=500"]
