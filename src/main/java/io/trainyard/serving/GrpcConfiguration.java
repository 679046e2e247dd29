package io.trainyard.serving;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.trainyard.access.Actor;
import io.trainyard.access.Credentials;
import io.trainyard.access.Role;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
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

    /** Who calls. */
    static final Context.Key<Actor> ACTOR = Context.key("actor");

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Pattern OPEN =
            Pattern.compile("grpc\\.health\\.v1\\.Health/.*|inference\\.GRPCInferenceService/Server(Live|Ready)");

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

    /** Who is not recognised is told nothing but whether the server lives; the calls themselves say whose the model must be. */
    @Bean
    @GlobalServerInterceptor
    ServerInterceptor grpcActor(Credentials credentials) {
        return new ServerInterceptor() {
            @Override
            public <Q, A> io.grpc.ServerCall.Listener<Q> interceptCall(
                    io.grpc.ServerCall<Q, A> call, Metadata headers, io.grpc.ServerCallHandler<Q, A> next) {
                String method = call.getMethodDescriptor().getFullMethodName();
                Optional<Actor> actor = credentials.recognise(StringUtils.defaultString(headers.get(AUTHORIZATION)));
                if (OPEN.matcher(method).matches() && actor.isEmpty()) {
                    return next.startCall(call, headers);
                }
                Status refused = actor.isEmpty()
                        ? Status.UNAUTHENTICATED.withDescription(
                                "Send an API key or a token, as authorization: Bearer …")
                        : method.endsWith("/ModelInfer") && !actor.get().may(Role.PREDICTOR)
                                ? Status.PERMISSION_DENIED.withDescription("This needs the role predictor.")
                                : Status.OK;
                if (!refused.isOk()) {
                    call.close(refused, new Metadata());
                    return new io.grpc.ServerCall.Listener<>() {};
                }
                return Contexts.interceptCall(Context.current().withValue(ACTOR, actor.get()), call, headers, next);
            }
        };
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
