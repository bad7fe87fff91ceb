# A container that runs pipe: its demo, unless it is told something else.
#
#   docker build -t pipe .
#   docker run --rm --init pipe
#   docker run --rm --init -v "$PWD:/work" --env-file secrets.env pipe run specs/inventory.yaml
#
# --init has the processes reaped that a browser leaves.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -o /usr/local/bin/pipe ./cmd/pipe

FROM node:20-bookworm-slim
RUN apt-get update && \
	apt-get install -y --no-install-recommends ca-certificates chromium-headless-shell tzdata && \
	rm -rf /var/lib/apt/lists/*
COPY --from=build /usr/local/bin/pipe /usr/local/bin/pipe
# The driver is installed now, so that a run needs nothing from elsewhere.
ENV PIPE_CACHE=/opt/pipe
RUN pipe install
# It runs as root, where pipe starts the browser without its sandbox: inside of a
# container that needs rights which few have, and the container is the sandbox.
WORKDIR /work
ENTRYPOINT ["pipe"]
CMD ["demo"]
