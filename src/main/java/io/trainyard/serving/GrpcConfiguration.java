package io.trainyard.serving;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerInterceptor;
import io.grpc.netty.NettyServerBuilder;
import io.trainyard.access.Credentials;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.commons.lang3.StringUtils;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerExecutorProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.grpc.server.GlobalServerInterceptor;
import org.springframework.grpc.server.ServerBuilderCustomizer;

/** The gRPC server's bounds, and who calls. */
@Configuration(proxyBeanMethods = false)
@Profile("api")
@ConditionalOnBooleanProperty("spring.grpc.server.enabled")
class GrpcConfiguration {

    /** As many as Tomcat has for HTTP. */
    private static final int THREADS = 200;
    /** Over one connection. */
    private static final int CALLS = 32;

    private static final Metadata.Key<String> KEY = Metadata.Key.of(Caller.KEY, Metadata.ASCII_STRING_MARSHALLER);

    /** gRPC's own pool has no bound, and each call waits on a thread of it. Not a bean, lest others take it for theirs. */
    @Bean
    GrpcServerExecutorProvider grpcServerExecutor() {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "grpc");
            thread.setDaemon(true);
            return thread;
        });
        return () -> threads;
    }

    @Bean
    ServerBuilderCustomizer<NettyServerBuilder> boundedCalls() {
        return server -> server.maxConcurrentCallsPerConnection(CALLS);
    }

    @Bean
    @GlobalServerInterceptor
    ServerInterceptor grpcGuard(Credentials credentials, GrpcErrors errors) {
        return new GrpcGuard(credentials, errors);
    }

    @Bean
    @GlobalServerInterceptor
    ServerInterceptor grpcCaller() {
        return new ServerInterceptor() {
            @Override
            public <Q, A> io.grpc.ServerCall.Listener<Q> interceptCall(
                    io.grpc.ServerCall<Q, A> call, Metadata headers, io.grpc.ServerCallHandler<Q, A> next) {
                String id = UUID.randomUUID().toString();
                Caller caller = new Caller(id, StringUtils.defaultIfEmpty(headers.get(KEY), id));
                return Contexts.interceptCall(Context.current().withValue(Caller.BY_GRPC, caller), call, headers, next);
            }
        };
    }
}
