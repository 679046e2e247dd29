# syntax=docker/dockerfile:1
# One image for both roles, in two variants. For linux/amd64 only: the native code is of that platform.
#
#   docker build -t trainyard:local .
#   docker build -t trainyard:cuda --build-arg BACKEND=cuda .          # for NVIDIA devices: docs/deployment.md
#   docker run --init -p 127.0.0.1:8080:8080 -v trainyard:/data trainyard:local
#
# That runs the API with its embedded PostgreSQL and one worker; docker-compose.yml has a container for each. The root file
# system may be read-only: what is written goes to /data and /tmp.

ARG BACKEND=cpu
# Exact versions. A digest, which pins a base system too, can be given instead: --build-arg JRE=eclipse-temurin:17-jre@sha256:...
ARG JDK=eclipse-temurin:17.0.17_10-jdk-noble
ARG JRE=eclipse-temurin:17.0.17_10-jre-noble
ARG CUDA=nvidia/cuda:11.8.0-runtime-ubuntu22.04

FROM ${JDK} AS build
ARG BACKEND
WORKDIR /build
# Without it mvnw takes another Maven archive, which has not the SHA-256 that it knows.
RUN apt-get update && apt-get install -y --no-install-recommends unzip
# What changes rarely comes first. .mvn also names the platform of the native code: the build fails without it.
COPY .mvn .mvn
COPY mvnw pom.xml ./
COPY src src
# The cache keeps Maven and the dependencies between builds, outside the image.
RUN --mount=type=cache,target=/root/.m2 \
    ./mvnw -B -q -Dmaven.test.skip $([ "$BACKEND" != cuda ] || echo -Pcuda) package

FROM ${JRE} AS java-cpu

FROM ${CUDA} AS java-cuda
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends openjdk-17-jre-headless \
    && rm -rf /var/lib/apt/lists/*

FROM java-${BACKEND} AS java
# A fixed uid, so that the rights on volumes and mounted files can be set from outside.
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /tmp --shell /usr/sbin/nologin trainyard \
    && install -d -o trainyard -g trainyard -m 700 /data

# Unpacked, with the native code as files, and an archive of classes that is good for the very Java above. A network is trained on the
# way: what does not run does not become an image.
FROM java AS installed
RUN apt-get update && apt-get install -y --no-install-recommends unzip && install -d -o trainyard -g trainyard /app
COPY install /build/install
COPY --from=build /build/target/trainyard.jar /build/trainyard.jar
USER 10001:10001
RUN /build/install /app /build/trainyard.jar

FROM java
ARG BACKEND
ARG VERSION=0.1.0-SNAPSHOT
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Trainyard" \
      org.opencontainers.image.description="Train neural networks and serve them, from the JVM, over HTTP ($BACKEND)" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
# What changes rarely comes first: native code with a release of ND4J, libraries with pom.xml, the rest with each commit. All of it is
# root's: the program cannot change itself.
COPY --from=installed --chown=0:0 /app/natives /app/natives
COPY --from=installed --chown=0:0 /app/lib /app/lib
# The bill of materials, for scanners; it is in the jar too.
COPY --from=build --chown=0:0 /build/target/classes/META-INF/sbom/application.cdx.json /app/
COPY --from=installed --chown=0:0 /app/trainyard.jar /app/trainyard.jsa /app/java.options /app/trainyard /app/
RUN ln -s /app/trainyard /usr/local/bin/trainyard
WORKDIR /app

# By default the API listens on loopback only, and in a container a published port never gets there. On every address it asks
# for keys; the first is made by
#   docker exec CONTAINER trainyard keys create --role=admin --name=first --owner=ops
# CUDA numbers devices as nvidia-smi does, by which they are judged.
ENV CUDA_DEVICE_ORDER=PCI_BUS_ID \
    TRAINYARD_DATA_DIR=/data \
    SERVER_ADDRESS=0.0.0.0 \
    TRAINYARD_SECURITY_AUTHENTICATION=required
# JVM options go into JAVA_TOOL_OPTIONS when the container is started, e.g. -e JAVA_TOOL_OPTIONS=-Xmx2g. It bounds more
# than the heap: arrays outside it may take as much again, and the whole process four times as much.

USER 10001:10001
VOLUME /data
EXPOSE 8080
# No HEALTHCHECK: a worker serves no HTTP. docker-compose.yml has the API's, config/kubernetes the probes.
# It replaces itself by Java, which gets the signals.
ENTRYPOINT ["trainyard"]
