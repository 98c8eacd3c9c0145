package io.tiercel.leasemodel;

import io.tiercel.leasemodel.ModelState.Doing;
import io.tiercel.leasemodel.ModelState.Phase;
import io.tiercel.leasemodel.ModelState.Word;

/**
 * The protocol as a relation between states: which steps the node and two clients may take next. Not threadsafe.
 *
 * <p>One segment, one frame a generation. A step touches shared memory at most once, so that every order of touches is
 * some path. The memory order is that of x86: the node's stores become visible later, in their order, except before a
 * fence; a client's one store is the count of its pin, a fence of its own.
 */
@SuppressWarnings("EnumOrdinal") // packed into bits that do not outlive the run
final class LeaseModel {
    private final Flaw flaw;
    private final Bounds bounds;
    private final ClientModel clients;
    private final ModelState now = new ModelState();
    private final ModelState scratch = new ModelState();
    private long shared;
    private long own;

    LeaseModel(Flaw flaw, Bounds bounds) {
        this.flaw = flaw;
        this.bounds = bounds;
        this.clients = new ClientModel(flaw, bounds.mayLeave());
    }

    ModelState initial() {
        ModelState state = new ModelState();
        state.words[Word.GENERATION.ordinal()] = 1;
        for (int client = 0; client < bounds.connected(); client++) {
            state.sessions[client] = true;
            state.entries[client] = ModelState.Entry.ATTACHED;
            state.files[client] = client + 1;
            state.at[client] = ModelState.At.IDLE;
            state.locked[client] = true;
            state.number[client] = client;
            state.mappedFile[client] = client + 1;
        }
        return state;
    }

    /** Tells every step that is possible in a state. */
    void next(long sharedHalf, long ownHalf, Steps steps) {
        shared = sharedHalf;
        own = ownHalf;
        now.unpack(sharedHalf, ownHalf);
        if (now.stores > 0) {
            ModelState next = copy();
            next.showStore();
            if (next.doing == Doing.FENCE && next.stores == 0) {
                next.doing = Doing.NOTHING;
            }
            steps.possible(Actor.NODE, Step.SEEN, next);
        }
        if (now.doing == Doing.NOTHING) {
            change(steps);
            reclaim(steps);
            for (int client = 0; client < ModelState.CLIENTS; client++) {
                serve(client, steps);
                clear(client, steps);
            }
        } else if (now.doing == Doing.PINS_OF_FIRST_READ) {
            readPins(1, steps);
        }
        for (int client = 0; client < ModelState.CLIENTS; client++) {
            clients.next(now, client, this::copy, steps);
        }
    }

    private ModelState copy() {
        return scratch.unpack(shared, own);
    }

    private boolean hasRoomFor(int stores) {
        return now.stores + stores <= ModelState.STORES;
    }

    private void change(Steps steps) {
        if (now.phase == Phase.EMPTY && hasRoomFor(3)) {
            ModelState next = copy();
            next.store(Word.FIRST, next.generation);
            next.store(Word.SECOND, next.generation);
            next.store(Word.STATE, ModelState.LIVE);
            next.phase = Phase.FILLED;
            next.isServed = true;
            steps.possible(Actor.NODE, Step.PUBLISH, next);
        }
        if (now.isServed && hasRoomFor(2)) {
            ModelState next = copy();
            next.isServed = false;
            next.store(Word.STATE, ModelState.DEAD);
            next.store(Word.ACKNOWLEDGED, next.generation);
            steps.possible(Actor.NODE, Step.INVALIDATE_KEY, next);
        }
        if (now.isServed && now.coveringEpoch == 0 && hasRoomFor(3)) {
            ModelState next = copy();
            invalidatePrefix(next);
            steps.possible(Actor.NODE, Step.INVALIDATE_PREFIX, next);
        }
        int others = now.epoch - (now.coveringEpoch == 0 ? 0 : 1);
        if (others < bounds.others() && hasRoomFor(1)) {
            ModelState next = copy();
            next.store(Word.EPOCH, ++next.epoch);
            steps.possible(Actor.NODE, Step.INVALIDATE_OTHER, next);
        }
    }

    private void invalidatePrefix(ModelState next) {
        next.isServed = false;
        int epoch = ++next.epoch;
        next.coveringEpoch = epoch;
        if (flaw == Flaw.ACKNOWLEDGED_BEFORE_EPOCH) {
            next.store(Word.ACKNOWLEDGED, next.generation);
        }
        next.store(flaw == Flaw.EPOCH_BEFORE_FILTER ? Word.EPOCH : Word.FILTER, epoch);
        next.store(flaw == Flaw.EPOCH_BEFORE_FILTER ? Word.FILTER : Word.EPOCH, epoch);
        if (flaw != Flaw.ACKNOWLEDGED_BEFORE_EPOCH) {
            next.store(Word.ACKNOWLEDGED, next.generation);
        }
    }

    private void reclaim(Steps steps) {
        boolean readsFirst = flaw == Flaw.PINS_READ_BEFORE_GENERATION;
        if (now.phase == Phase.FILLED && now.generation < bounds.generations() && !readsFirst && hasRoomFor(1)) {
            ModelState next = copy();
            raiseGeneration(next);
            next.phase = Phase.RECLAIMING;
            next.doing = flaw == Flaw.GENERATION_WITHOUT_FENCE ? Doing.NOTHING : Doing.FENCE;
            steps.possible(Actor.NODE, Step.BEGIN_RECLAIM, next);
        }
        boolean looks = now.phase == Phase.RECLAIMING
                || (now.phase == Phase.FILLED && readsFirst && now.generation < bounds.generations());
        if (looks && hasRoomFor(2)) {
            readPins(0, steps);
        }
    }

    private static void raiseGeneration(ModelState next) {
        next.generation++;
        next.isServed = false;
        next.store(Word.GENERATION, next.generation);
    }

    /** One load: the pins of a reader; with none in the last one, the memory is free. */
    private void readPins(int reader, Steps steps) {
        int file = flaw == Flaw.PINS_NOT_READ ? 0 : now.files[reader];
        ModelState next = copy();
        if (file != 0 && now.pins[file - 1] != 0) {
            next.doing = Doing.NOTHING;
            steps.possible(Actor.NODE, Step.READ_PINS_HELD, next);
        } else if (reader == 0) {
            next.doing = Doing.PINS_OF_FIRST_READ;
            steps.possible(Actor.NODE, Step.READ_PINS, next);
        } else {
            if (next.phase == Phase.FILLED) {
                raiseGeneration(next);
            }
            next.doing = Doing.NOTHING;
            next.phase = Phase.EMPTY;
            next.store(Word.STATE, ModelState.FREE);
            steps.possible(Actor.NODE, Step.RECYCLE, next);
        }
    }

    private void serve(int client, Steps steps) {
        // A message shows every store before it. That it may arrive late adds nothing: a descriptor may be kept long.
        if (now.at[client] == ModelState.At.IDLE && now.descriptorGeneration[client] == 0 && !now.retired[client]
                && now.sessions[client] && now.isServed && now.stores == 0) {
            ModelState next = copy();
            next.descriptorGeneration[client] = now.generation;
            next.descriptorEpoch[client] = now.epoch;
            steps.possible(Actor.NODE, Step.ANSWER, next);
        }
        if (now.at[client] == ModelState.At.UNKNOWN) {
            grant(client, steps);
        }
        int number = now.number[client];
        if (now.at[client] == ModelState.At.MAPPED && now.sessions[client]
                && now.entries[number] == ModelState.Entry.GRANTED && isLocked(number)) {
            ModelState next = copy();
            next.entries[number] = ModelState.Entry.ATTACHED;
            next.at[client] = ModelState.At.IDLE;
            steps.possible(Actor.NODE, Step.ATTACH, next);
        }
        if (now.sessions[client] && (now.dead[client] || now.stopped[client] || now.retired[client])) {
            sessionOver(client, steps);
        }
    }

    private void grant(int client, Steps steps) {
        for (int number = 0; number < ModelState.CLIENTS; number++) {
            if (now.entries[number] == ModelState.Entry.FREE && !isLocked(number)) {
                ModelState next = copy();
                int file = 1 + (flaw == Flaw.READER_FILE_REUSED_IN_PLACE ? number : client);
                next.entries[number] = ModelState.Entry.GRANTED;
                next.files[number] = file;
                next.pins[file - 1] = 0;
                next.sessions[client] = true;
                next.number[client] = number;
                next.at[client] = ModelState.At.GRANTED;
                steps.possible(Actor.NODE, Step.GRANT, next);
                return;
            }
        }
    }

    private void sessionOver(int client, Steps steps) {
        ModelState next = copy();
        int number = now.number[client];
        next.sessions[client] = false;
        if (now.dead[client]) {
            next.number[client] = 0; // nobody asks any more
        }
        next.entries[number] = now.entries[number] == ModelState.Entry.DEAD
                ? ModelState.Entry.FREE
                : ModelState.Entry.LEAVING;
        steps.possible(Actor.NODE, Step.SESSION_OVER, next);
    }

    private void clear(int number, Steps steps) {
        ModelState.Entry entry = now.entries[number];
        boolean isChecked = entry == ModelState.Entry.ATTACHED || entry == ModelState.Entry.LEAVING;
        boolean isFree = !isLocked(number) || (flaw == Flaw.STOPPED_READER_CLEARED && isOwnerStopped(number));
        if (!isChecked || !isFree || flaw == Flaw.DEAD_READER_KEPT) {
            return;
        }
        ModelState next = copy();
        int file = now.files[number];
        next.files[number] = 0;
        next.entries[number] = entry == ModelState.Entry.ATTACHED ? ModelState.Entry.DEAD : ModelState.Entry.FREE;
        boolean harms = false;
        for (int client = 0; client < ModelState.CLIENTS; client++) {
            harms |= !now.dead[client] && now.mappedFile[client] == file && now.at[client] == ModelState.At.OPEN;
        }
        if (harms) {
            steps.broken(Actor.NODE, Step.CLEAR, next, Invariant.PINS_OF_THE_LIVING_STAY);
        } else {
            steps.possible(Actor.NODE, Step.CLEAR, next);
        }
    }

    /** Whether some process has the lock of a number: the kernel's word. */
    private boolean isLocked(int number) {
        return ClientModel.isLocked(now, number);
    }

    private boolean isOwnerStopped(int number) {
        for (int client = 0; client < ModelState.CLIENTS; client++) {
            if (now.locked[client] && now.number[client] == number && now.stopped[client]) {
                return true;
            }
        }
        return false;
    }
}
