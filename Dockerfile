# The image: docker build -t headgate .
#
# Three stages: the program, with Maven; the tree of the image, with a runtime linked for it; that tree on a base without
# shell or package manager. ImageTest in system-tests runs the same instructions without Docker.

# With the oldest JDK that the program runs on, as ./headgate builds it too.
FROM maven:3.9-eclipse-temurin-17 AS program
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.m2 mvn -B -ntp -DskipTests -Dassembly.skipAssembly package -pl gateway -am

FROM eclipse-temurin:25-jdk AS tree
COPY packaging/runtime packaging/slim /packaging/
RUN /packaging/runtime /opt/headgate/runtime
COPY --from=program /src/gateway/target/headgate/lib /opt/headgate/lib
RUN /packaging/slim /opt/headgate/lib
COPY packaging/headgate packaging/health LICENSE /opt/headgate/
COPY --from=program /src/gateway/target/THIRD-PARTY.txt /opt/headgate/
RUN mkdir /var/lib/headgate

# glibc, time zones and certificates, and nothing that an intruder could run: 15 MB, where debian-slim is 75. Alpine's musl
# would leave Netty without its native transport.
FROM gcr.io/distroless/base-nossl-debian13:nonroot
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Headgate" \
      org.opencontainers.image.description="Durable HTTP ingest for device fleets, straight into Delta Lake tables." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=tree /opt/headgate /opt/headgate
COPY --from=tree --chown=65532:65532 /var/lib/headgate /var/lib/headgate

# A variable goes before the configuration file. Devices come from outside; operators only do if HEADGATE_MANAGEMENT_HOST
# says so. The ports are given here because the health check, which reads no file, must know them.
ENV HEADGATE_HTTP_HOST=0.0.0.0 \
    HEADGATE_HTTP_PORT=8080 \
    HEADGATE_MANAGEMENT_PORT=9090 \
    PATH=/opt/headgate/runtime/bin
EXPOSE 8080 9090

# The user by number, so that Kubernetes can tell that it is not root. All that is ever written is on the volume: the
# configuration, the log, the tables, the keys.
USER 65532:65532
WORKDIR /var/lib/headgate
VOLUME /var/lib/headgate

# Docker itself only shows what this says. Where the unhealthy are restarted (Swarm, ECS), ask /health/live instead.
HEALTHCHECK --interval=30s --timeout=10s --start-period=120s --start-interval=2s --retries=3 \
    CMD ["java", "@/opt/headgate/health", "/health/ready"]

# Process 1 is the JVM, so that SIGTERM reaches it: it drains and exits with 0.
STOPSIGNAL SIGTERM
ENTRYPOINT ["java", "@/opt/headgate/headgate"]
CMD ["serve"]
