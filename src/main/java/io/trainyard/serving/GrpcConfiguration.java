package io.trainyard.serving;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerInterceptor;
import io.grpc.netty.NettyServerBuilder;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import org.apache.commons.lang3.StringUtils;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerExecutorProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.grpc.server.GlobalServerInterceptor;
import org.springframework.grpc.server.ServerBuilderCustomizer;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/** The gRPC server's bounds, and who calls. */
@Configuration(proxyBeanMethods = false)
@Profile("api")
class GrpcConfiguration {

    /** As many as Tomcat has for HTTP. */
    private static final int THREADS = 200;
    /** Over one connection. */
    private static final int CALLS = 256;

    private static final Metadata.Key<String> KEY = Metadata.Key.of(Caller.KEY, Metadata.ASCII_STRING_MARSHALLER);

    /** gRPC's own pool has no bound, and each call waits on a thread of it. */
    @Bean(destroyMethod = "shutdown")
    ExecutorService grpcExecutor() {
        ThreadFactory threads = new CustomizableThreadFactory("grpc-");
        return Executors.newFixedThreadPool(THREADS, threads);
    }

    @Bean
    GrpcServerExecutorProvider grpcServerExecutor(ExecutorService grpcExecutor) {
        return () -> grpcExecutor;
    }

    @Bean
    ServerBuilderCustomizer<NettyServerBuilder> boundedCalls() {
        return server -> server.maxConcurrentCallsPerConnection(CALLS);
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
