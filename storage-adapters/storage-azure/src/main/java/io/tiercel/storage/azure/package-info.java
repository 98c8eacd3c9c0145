/**
 * The adapter for a container of Azure Blob Storage ({@code azblob:}).
 *
 * <p>Any thread may enter; calls block on the network. The SDK signs requests and reads listings; {@code SocketTransport}
 * carries them over blocking sockets, each request once. Folders are parts of names. It imports
 * {@code io.tiercel.storage}, the SDK and an HTTP client. Start with {@link io.tiercel.storage.azure.AzureStorage}.
 */
@NullMarked
package io.tiercel.storage.azure;

import org.jspecify.annotations.NullMarked;
