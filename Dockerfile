FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app

COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY server server
COPY graphql_schema graphql_schema
COPY workers workers
COPY migrations migrations
COPY sandbox sandbox
COPY cli cli
RUN pip install --no-cache-dir -c constraints.txt . && useradd --no-create-home --shell /usr/sbin/nologin leafmark \
    && install -d -o leafmark -m 700 /var/lib/leafmark/files

USER leafmark
EXPOSE 8000
ENTRYPOINT ["python", "-m", "cli"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
