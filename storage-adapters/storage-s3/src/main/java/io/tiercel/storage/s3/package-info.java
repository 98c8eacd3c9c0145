/**
 * Buckets of Amazon S3, and of stores that answer like it, as a store: {@code s3://bucket/prefix}.
 *
 * <p>Threadsafe but for reads and cursors, which belong to one thread at a time. It imports {@code io.tiercel.storage} and
 * the AWS SDK, whose classes are loaded when the first such store is opened. Start with
 * {@link io.tiercel.storage.s3.S3Storage}.
 */
@NullMarked
package io.tiercel.storage.s3;

import org.jspecify.annotations.NullMarked;
