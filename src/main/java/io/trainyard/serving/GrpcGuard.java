package io.trainyard.serving;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.trainyard.access.Actor;
import io.trainyard.access.Credentials;
import io.trainyard.access.Role;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.regex.Pattern;
import org.apache.commons.lang3.StringUtils;

/**
 * Lets in by gRPC whom HTTP lets in. Who is not known is told nothing but whether the server lives; whose the model must be, the
 * calls themselves look at.
 */
final class GrpcGuard implements ServerInterceptor {

    /** Who calls. */
    static final Context.Key<Actor> ACTOR = Context.key("actor");

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Pattern OPEN =
            Pattern.compile("grpc\\.health\\.v1\\.Health/.*|inference\\.GRPCInferenceService/Server(Live|Ready)");
    private static final String INFER = "inference.GRPCInferenceService/ModelInfer";

    private final Credentials credentials;
    private final GrpcErrors errors;

    GrpcGuard(Credentials credentials, GrpcErrors errors) {
        this.credentials = credentials;
        this.errors = errors;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String method = call.getMethodDescriptor().getFullMethodName();
        String authorization = StringUtils.defaultString(headers.get(AUTHORIZATION));
        if (authorization.isEmpty() && OPEN.matcher(method).matches()) {
            return next.startCall(call, headers);
        }
        try {
            Actor actor = credentials.recognise(authorization, address(call));
            if (method.equals(INFER) && !actor.may(Role.PREDICTOR)) {
                throw new ProblemException(ProblemType.FORBIDDEN, "This needs the role predictor.");
            }
            return Contexts.interceptCall(Context.current().withValue(ACTOR, actor), call, headers, next);
        } catch (RuntimeException refused) {
            call.close(errors.handleException(refused).getStatus(), new Metadata());
            return new ServerCall.Listener<>() {};
        }
    }

    private static String address(ServerCall<?, ?> call) {
        SocketAddress remote = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        return remote instanceof InetSocketAddress internet && internet.getAddress() != null
                ? internet.getAddress().getHostAddress()
                : String.valueOf(remote);
    }
}
