/**
 * The adapter for what a web server gives ({@code http:}, {@code https:}), read only.
 *
 * <p>Any thread may enter; calls block on the network. It speaks HTTP/1.1 on sockets of its own, so that a body passes
 * through one small buffer a connection, a call is one request, and the address that was checked is the one connected to.
 * It imports {@code io.tiercel.storage} and the JDK. Start with {@link io.tiercel.storage.http.HttpStorage};
 * {@code HttpClient} follows redirects, {@code HttpConnection} holds a socket, {@code AddressRule} says whom we talk to.
 */
@NullMarked
package io.tiercel.storage.http;

import org.jspecify.annotations.NullMarked;
