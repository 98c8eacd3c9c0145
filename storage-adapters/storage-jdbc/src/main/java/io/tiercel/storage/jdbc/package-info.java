/**
 * The adapter for a table of blobs in PostgreSQL or in the embedded H2 ({@code jdbc:}).
 *
 * <p>Any thread may enter. {@code DatabaseCalls} alone borrows connections, and runs what uses them on threads of its own,
 * so that an interrupt ends the caller's wait at once; {@code BlobTable} alone holds SQL; {@code SqlErrors} alone reads SQL
 * states. It imports {@code io.tiercel.storage}, HikariCP and the two drivers, each loaded when a store of its kind is
 * opened. Start with {@link io.tiercel.storage.jdbc.JdbcStorage}.
 */
@NullMarked
package io.tiercel.storage.jdbc;

import org.jspecify.annotations.NullMarked;
