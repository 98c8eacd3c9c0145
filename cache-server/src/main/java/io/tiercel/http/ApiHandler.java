package io.tiercel.http;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import io.tiercel.metrics.Operation;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Where each path leads. Paths are compared as they were sent: only a key is decoded, and only by us. Threadsafe.
 */
final class ApiHandler extends Handler.Abstract {
    static final String OBJECTS = "/v1/objects/";
    static final HttpField NOSNIFF = new HttpField("X-Content-Type-Options", "nosniff");

    private static final String GET_ALONE = "GET, HEAD";

    private final HttpGateway.Context context;
    private final ObjectMethods objects;
    private final MoveMethod moves;
    private final ListMethod lists;
    private final NodePages pages;

    ApiHandler(HttpGateway.Context context) {
        this.context = context;
        this.objects = new ObjectMethods(context);
        this.moves = new MoveMethod(context);
        this.lists = new ListMethod(context);
        this.pages = new NodePages(context);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Exchange exchange = new Exchange(context, request, response, callback);
        response.getHeaders().put(NOSNIFF);
        exchange.guarded(() -> route(exchange, request));
        return true;
    }

    private void route(Exchange exchange, Request request) {
        HttpURI uri = request.getHttpURI();
        String path = uri.getPath() == null ? "" : uri.getPath();
        if (uri.getFragment() != null) {
            throw new TiercelException(ErrorCode.INVALID_ARGUMENT, "the URI has a fragment: a '#' in a key is %23");
        }
        refuseOtherOrigins(request);
        if (path.startsWith(OBJECTS) || (path + "/").equals(OBJECTS)) {
            objects.handle(exchange, path.substring(Math.min(path.length(), OBJECTS.length())));
            return;
        }
        switch (path) {
            case "/v1/list" -> {
                if (allows(exchange, GET_ALONE)) {
                    exchange.operation(Operation.LIST);
                    lists.handle(exchange);
                }
            }
            case "/v1/move", "/v1/copy" -> {
                if (allows(exchange, "POST")) {
                    boolean isCopy = path.endsWith("copy");
                    exchange.operation(isCopy ? Operation.COPY : Operation.MOVE);
                    moves.handle(exchange, isCopy);
                }
            }
            case "/v1/invalidate" -> {
                if (allows(exchange, "POST")) {
                    exchange.operation(Operation.INVALIDATE);
                    pages.invalidate(exchange);
                }
            }
            case "/v1/capacity" -> {
                if (allows(exchange, "POST")) {
                    exchange.operation(Operation.CAPACITY);
                    pages.capacity(exchange);
                }
            }
            case "/v1/reload" -> {
                if (allows(exchange, "POST")) {
                    exchange.operation(Operation.RELOAD);
                    pages.reload(exchange);
                }
            }
            case "/v1/status" -> {
                if (allows(exchange, GET_ALONE)) {
                    exchange.operation(Operation.STATUS);
                    pages.status(exchange);
                }
            }
            case "/v1/explain" -> {
                if (allows(exchange, GET_ALONE)) {
                    exchange.operation(Operation.EXPLAIN);
                    pages.explain(exchange);
                }
            }
            case "/" -> {
                if (allows(exchange, GET_ALONE)) {
                    exchange.operation(Operation.DASHBOARD);
                    Dashboard.show(exchange);
                }
            }
            case "/metrics" -> {
                if (allows(exchange, GET_ALONE)) {
                    exchange.operation(Operation.METRICS);
                    pages.metrics(exchange);
                }
            }
            case "/health/live", "/health/ready" -> {
                if (allows(exchange, GET_ALONE)) {
                    exchange.operation(Operation.HEALTH);
                    pages.health(exchange, path.endsWith("ready"));
                }
            }
            default -> throw new TiercelException(ErrorCode.NOT_FOUND, "nothing is served at this path");
        }
    }

    /** Whether the method is among those, parted by comma and space; answers 405 when not. */
    static boolean allows(Exchange exchange, String methods) {
        String method = exchange.request().getMethod();
        for (String allowed : methods.split(", ", -1)) {
            if (allowed.equals(method)) {
                return true;
            }
        }
        exchange.response().getHeaders().put(HttpHeader.ALLOW, methods);
        exchange.problem(Problem.of(ErrorCode.NOT_SUPPORTED, "the method is not one of " + methods));
        return false;
    }

    /** A page of another origin may make a browser send a POST here unasked: what changes something is refused then. */
    private static void refuseOtherOrigins(Request request) {
        if (HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod())) {
            return;
        }
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        String host = request.getHeaders().get(HttpHeader.HOST);
        if (origin != null && !origin.equals("http://" + host) && !origin.equals("https://" + host)) {
            throw new TiercelException(ErrorCode.FORBIDDEN, "a page of another origin may change nothing here");
        }
    }
}
