package io.tiercel.client;

import io.aeron.FragmentAssembler;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.logbuffer.Header;
import io.tiercel.ErrorCode;
import io.tiercel.wire.codec.AckDecoder;
import io.tiercel.wire.codec.DescriptorDecoder;
import io.tiercel.wire.codec.ErrorDecoder;
import io.tiercel.wire.codec.FrameChunkDecoder;
import io.tiercel.wire.codec.FrameStartDecoder;
import io.tiercel.wire.codec.ListPageDecoder;
import io.tiercel.wire.codec.MessageHeaderDecoder;
import io.tiercel.wire.codec.PongDecoder;
import io.tiercel.wire.codec.PutReadyDecoder;
import io.tiercel.wire.codec.PutReplyDecoder;
import io.tiercel.wire.codec.SessionClosedDecoder;
import io.tiercel.wire.codec.StatReplyDecoder;
import io.tiercel.wire.codec.TextDecoder;
import io.tiercel.wire.codec.WelcomeDecoder;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Decodes replies and hands each to the call that its correlation id names. Polling thread only.
 *
 * <p>A message that carries payload is not assembled first: each fragment's bytes go to the frame's buffer as they
 * come. Everything else is assembled. What is malformed fails its call and is reported; what belongs to nobody, such as
 * the rest of a cancelled get, is dropped.
 */
final class ReplyReceiver implements FragmentHandler {
    /** The session told us that it is over. */
    interface ClosedHandler {
        void onSessionClosed(ErrorCode code, String message);
    }

    private final CallTable calls;
    private final ClosedHandler closedHandler;
    private final Consumer<Throwable> errorHandler;
    private final FragmentAssembler assembler = new FragmentAssembler(this::onAssembled);
    private final KnownTexts texts = new KnownTexts();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final ErrorDecoder error = new ErrorDecoder();
    private final WelcomeDecoder welcome = new WelcomeDecoder();
    private final DescriptorDecoder descriptor = new DescriptorDecoder();
    private final FrameStartDecoder frameStart = new FrameStartDecoder();
    private final FrameChunkDecoder frameChunk = new FrameChunkDecoder();
    private final StatReplyDecoder statReply = new StatReplyDecoder();
    private final PutReplyDecoder putReply = new PutReplyDecoder();
    private final ListPageDecoder listPage = new ListPageDecoder();
    private final TextDecoder text = new TextDecoder();
    private final SessionClosedDecoder sessionClosed = new SessionClosedDecoder();

    private boolean isBound;
    private int nodeSessionId;
    /** A payload message has begun and not ended; what of it is wanted goes to {@link #landing}. */
    private boolean isLanding;
    private @Nullable Call<?> landing;

    ReplyReceiver(CallTable calls, ClosedHandler closedHandler, Consumer<Throwable> errorHandler) {
        this.calls = calls;
        this.closedHandler = closedHandler;
        this.errorHandler = errorHandler;
    }

    @Override
    public void onFragment(DirectBuffer buffer, int offset, int length, Header fragment) {
        if (isBound && fragment.sessionId() != nodeSessionId) {
            return;
        }
        byte flags = fragment.flags();
        boolean begins = (flags & FrameDescriptor.BEGIN_FRAG_FLAG) != 0;
        boolean ends = (flags & FrameDescriptor.END_FRAG_FLAG) != 0;
        if (begins && isPayload(buffer, offset, length)) {
            isLanding = true;
            landing = beginPayload(buffer, offset, length);
        } else if (begins) {
            isLanding = false;
            landing = null;
            assembler.onFragment(buffer, offset, length, fragment);
            return;
        } else if (!isLanding) {
            assembler.onFragment(buffer, offset, length, fragment);
            return;
        } else if (landing != null) {
            landing.onChunkBytes(buffer, offset, length);
        }
        if (ends) {
            Call<?> landed = landing;
            isLanding = false;
            landing = null;
            if (landed != null) {
                landed.onChunkEnd();
            }
        }
    }

    private boolean isPayload(DirectBuffer buffer, int offset, int length) {
        if (length < MessageHeaderDecoder.ENCODED_LENGTH) {
            return false;
        }
        header.wrap(buffer, offset);
        return header.schemaId() == MessageHeaderDecoder.SCHEMA_ID
                && (header.templateId() == FrameStartDecoder.TEMPLATE_ID
                        || header.templateId() == FrameChunkDecoder.TEMPLATE_ID);
    }

    /** The call for which the payload in this message is, after its first bytes are handed over; null for nobody. */
    private @Nullable Call<?> beginPayload(DirectBuffer buffer, int offset, int length) {
        long correlationId = 0L;
        try {
            int end = offset + length;
            long position;
            int payloadAt;
            Call<?> call;
            if (header.templateId() == FrameStartDecoder.TEMPLATE_ID) {
                frameStart.wrapAndApplyHeader(buffer, offset, header);
                correlationId = frameStart.correlationId();
                call = calls.find(correlationId);
                if (call == null || !call.onFrameStart(frameStart, texts)) {
                    return null;
                }
                position = 0L;
                payloadAt = frameStart.limit();
            } else {
                frameChunk.wrapAndApplyHeader(buffer, offset, header);
                correlationId = frameChunk.correlationId();
                call = calls.find(correlationId);
                position = frameChunk.position();
                payloadAt = frameChunk.limit();
            }
            requireInside(payloadAt + Integer.BYTES, end);
            int payloadLength = buffer.getInt(payloadAt, ByteOrder.LITTLE_ENDIAN);
            if (call == null || !call.onChunk(position, payloadLength)) {
                return null;
            }
            int first = Math.min(payloadLength, end - payloadAt - Integer.BYTES);
            call.onChunkBytes(buffer, payloadAt + Integer.BYTES, first);
            return call;
        } catch (RuntimeException e) {
            malformed(correlationId, e);
            return null;
        }
    }

    private static void requireInside(int at, int end) {
        if (at > end) {
            throw new IndexOutOfBoundsException("message is shorter than its fields: at=" + at + " end=" + end);
        }
    }

    private void onAssembled(DirectBuffer buffer, int offset, int length, Header fragment) {
        long correlationId = 0L;
        try {
            requireInside(offset + MessageHeaderDecoder.ENCODED_LENGTH + Long.BYTES, offset + length);
            header.wrap(buffer, offset);
            if (header.schemaId() != MessageHeaderDecoder.SCHEMA_ID) {
                throw new IllegalArgumentException("schemaId=" + header.schemaId());
            }
            requireInside(offset + MessageHeaderDecoder.ENCODED_LENGTH + header.blockLength(), offset + length);
            if (header.templateId() == SessionClosedDecoder.TEMPLATE_ID) {
                sessionClosed.wrapAndApplyHeader(buffer, offset, header);
                ErrorCode code = ErrorCode.ofNumber(sessionClosed.code());
                closedHandler.onSessionClosed(code, sessionClosed.message());
                return;
            }
            // Every message begins with its correlation id.
            correlationId = buffer.getLong(offset + MessageHeaderDecoder.ENCODED_LENGTH, ByteOrder.LITTLE_ENDIAN);
            Call<?> call = calls.find(correlationId);
            if (call != null) {
                dispatch(call, buffer, offset, fragment);
            }
        } catch (RuntimeException e) {
            malformed(correlationId, e);
        }
    }

    private void dispatch(Call<?> call, DirectBuffer buffer, int offset, Header fragment) {
        switch (header.templateId()) {
            case ErrorDecoder.TEMPLATE_ID -> {
                error.wrapAndApplyHeader(buffer, offset, header);
                call.onError(ErrorCode.ofNumber(error.code()), error.retryAfterMs(), error.message());
            }
            case WelcomeDecoder.TEMPLATE_ID -> {
                isBound = true;
                nodeSessionId = fragment.sessionId();
                call.onWelcome(welcome.wrapAndApplyHeader(buffer, offset, header));
            }
            case DescriptorDecoder.TEMPLATE_ID ->
                call.onDescriptor(descriptor.wrapAndApplyHeader(buffer, offset, header));
            case StatReplyDecoder.TEMPLATE_ID -> call.onStat(statReply.wrapAndApplyHeader(buffer, offset, header));
            case PutReadyDecoder.TEMPLATE_ID -> call.onPutReady();
            case PutReplyDecoder.TEMPLATE_ID -> call.onPut(putReply.wrapAndApplyHeader(buffer, offset, header));
            case AckDecoder.TEMPLATE_ID -> call.onAck();
            case ListPageDecoder.TEMPLATE_ID -> call.onListPage(listPage.wrapAndApplyHeader(buffer, offset, header));
            case TextDecoder.TEMPLATE_ID -> call.onText(text.wrapAndApplyHeader(buffer, offset, header));
            case PongDecoder.TEMPLATE_ID -> call.onPong();
            default -> throw new IllegalArgumentException("templateId=" + header.templateId());
        }
    }

    private void malformed(long correlationId, RuntimeException cause) {
        errorHandler.accept(cause);
        Call<?> call = calls.find(correlationId);
        if (call != null) {
            call.fail(Failure.of(ErrorCode.CORRUPT, call.what() + " was answered with a malformed message: " + cause,
                    cause));
        }
    }
}
