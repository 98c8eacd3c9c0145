/**
 * The adapter for a directory of the local file system ({@code file:}).
 *
 * <p>Any thread may enter; calls block on the disk. {@code LocalRoot} alone turns a path of the store into one of the
 * file system and keeps it inside; {@code FileStamp} says which version of a file is which. It imports
 * {@code io.tiercel.storage} and the JDK. Start with {@link io.tiercel.storage.local.LocalStorage}.
 */
@NullMarked
package io.tiercel.storage.local;

import org.jspecify.annotations.NullMarked;
