# syntax=docker/dockerfile:1
# One image for both roles. For linux/amd64 only: the native code in the jar is of that platform.
#
#   docker build -t trainyard:local .
#   docker run --init -p 127.0.0.1:8080:8080 -v trainyard:/data trainyard:local
#
# That runs the API with its embedded PostgreSQL and one worker; docker-compose.yml has a container for each.

# Exact versions. A digest, which pins a base system too, can be given instead: --build-arg JRE=eclipse-temurin:17-jre@sha256:...
ARG JDK=eclipse-temurin:17.0.17_10-jdk-noble
ARG JRE=eclipse-temurin:17.0.17_10-jre-noble

FROM ${JDK} AS build
WORKDIR /build
# What changes rarely comes first. .mvn also names the platform of the native code: the build fails without it.
COPY .mvn .mvn
COPY mvnw pom.xml ./
COPY src src
# The cache keeps Maven and the dependencies between builds, outside the image.
RUN --mount=type=cache,target=/root/.m2 ./mvnw -B -q -Dmaven.test.skip package

FROM ${JRE}
# A fixed uid, so that the rights on volumes and mounted files can be set from outside. JavaCPP unpacks the native code
# (with libgomp: no package is needed) into ~/.javacpp, hence a home of its own.
RUN useradd --uid 10001 --user-group --create-home --shell /usr/sbin/nologin trainyard \
    && install -d -o trainyard -g trainyard -m 700 /data
WORKDIR /app
# The jar as it is, not its layers: the API starts its workers as `java -jar` of its own jar.
COPY --from=build /build/target/trainyard.jar /app/trainyard.jar

# By default the API listens on loopback only, and in a container a published port never gets there. On every address it asks
# for keys; the first is made by
#   docker exec CONTAINER java -jar /app/trainyard.jar keys create --role=admin --name=first --owner=ops
ENV TRAINYARD_DATA_DIR=/data \
    SERVER_ADDRESS=0.0.0.0 \
    TRAINYARD_SECURITY_AUTHENTICATION=required
# JVM options go into JAVA_TOOL_OPTIONS when the container is started, e.g. -e JAVA_TOOL_OPTIONS=-Xmx2g. It bounds more
# than the heap: arrays outside it may take as much again, and the whole process four times as much.

USER 10001:10001
VOLUME /data
EXPOSE 8080
# No HEALTHCHECK: a worker serves no HTTP. docker-compose.yml has the API's.
# No Java object is ever deserialised: no file can ask for it.
ENTRYPOINT ["java", "-Djdk.serialFilter=!*", "-jar", "/app/trainyard.jar"]
