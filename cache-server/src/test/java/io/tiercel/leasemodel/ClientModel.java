package io.tiercel.leasemodel;

import io.tiercel.leasemodel.ModelState.At;
import io.tiercel.leasemodel.ModelState.Word;
import java.util.function.Supplier;

/** Steps of a client: it connects, asks, takes, reads and releases; it may be stopped, killed, or leave. Stateless. */
@SuppressWarnings("EnumOrdinal") // packed into bits that do not outlive the run
final class ClientModel {
    private final Flaw flaw;
    private final boolean mayLeave;

    ClientModel(Flaw flaw, boolean mayLeave) {
        this.flaw = flaw;
        this.mayLeave = mayLeave;
    }

    void next(ModelState now, int client, Supplier<ModelState> copy, Steps steps) {
        if (now.dead[client]) {
            return;
        }
        fate(now, client, copy, steps);
        if (now.pinOnItsWay[client]) {
            ModelState next = copy.get();
            next.pinOnItsWay[client] = false;
            next.pins[now.mappedFile[client] - 1]++;
            steps.possible(Actor.client(client), Step.PIN_SEEN, next);
        }
        if (!now.stopped[client]) {
            connect(now, client, copy, steps);
            take(now, client, copy, steps);
            read(now, client, copy, steps);
            leave(now, client, copy, steps);
        }
    }

    private static void fate(ModelState now, int client, Supplier<ModelState> copy, Steps steps) {
        ModelState next = copy.get();
        kill(next, client);
        steps.possible(Actor.client(client), Step.DIE, next);
        next = copy.get();
        next.stopped[client] = !now.stopped[client];
        steps.possible(Actor.client(client), now.stopped[client] ? Step.RESUME : Step.STOP, next);
    }

    /** What it knew does not matter any more: states that differ in it alone are one. Its number does to the node. */
    private static void kill(ModelState next, int client) {
        next.dead[client] = true;
        next.at[client] = At.GONE;
        next.stopped[client] = false;
        next.retired[client] = false;
        next.locked[client] = false;
        if (next.pinOnItsWay[client]) {
            next.pinOnItsWay[client] = false;
            next.pins[next.mappedFile[client] - 1]++;
        }
        next.mappedFile[client] = 0;
        if (!next.sessions[client]) {
            next.number[client] = 0;
        }
        next.isLate[client] = false;
        forget(next, client);
    }

    private static void forget(ModelState next, int client) {
        next.descriptorGeneration[client] = 0;
        next.descriptorEpoch[client] = 0;
        next.seen[client] = 0;
    }

    private void connect(ModelState now, int client, Supplier<ModelState> copy, Steps steps) {
        Actor actor = Actor.client(client);
        int number = now.number[client];
        if (now.at[client] == At.GRANTED && !isLocked(now, number)) {
            ModelState next = copy.get();
            next.locked[client] = true;
            next.at[client] = At.LOCKED;
            steps.possible(actor, Step.LOCK, next);
        } else if (now.at[client] == At.LOCKED && now.files[number] != 0) {
            ModelState next = copy.get();
            next.mappedFile[client] = now.files[number];
            next.at[client] = At.MAPPED;
            steps.possible(actor, Step.MAP, next);
        }
        boolean isConnecting = now.at[client] == At.GRANTED || now.at[client] == At.LOCKED
                || now.at[client] == At.MAPPED;
        if (isConnecting && !now.sessions[client]) {
            ModelState next = copy.get();
            kill(next, client);
            steps.possible(actor, Step.GIVE_UP, next);
        }
    }

    private void take(ModelState now, int client, Supplier<ModelState> copy, Steps steps) {
        ModelState next = copy.get();
        switch (now.at[client]) {
            case IDLE -> begin(now, client, next, steps);
            case BEGUN -> {
                if (flaw == Flaw.GENERATION_CHECKED_BEFORE_PIN) {
                    checkGeneration(now, client, next, At.GENERATION_SEEN, steps);
                } else {
                    pin(now, client, next, At.PINNED, steps);
                }
            }
            case GENERATION_SEEN -> pin(now, client, next, At.PINNED, steps);
            case PINNED -> check(client, next, flaw != Flaw.RETIRED_NOT_ASKED && now.retired[client],
                    Step.CHECK_RETIRED, At.NOT_RETIRED, steps);
            case NOT_RETIRED -> {
                if (flaw == Flaw.GENERATION_CHECKED_BEFORE_PIN) {
                    checkState(now, client, next, steps);
                } else {
                    checkGeneration(now, client, next, At.SAME_GENERATION, steps);
                }
            }
            case SAME_GENERATION -> checkState(now, client, next, steps);
            case SAME_STATE -> {
                if (flaw == Flaw.FILTER_ASKED_BEFORE_EPOCH) {
                    see(client, next, now.word(Word.FILTER), At.FILTER_SEEN, Step.CHECK_FILTER, steps);
                } else {
                    checkEpoch(now, client, next, steps);
                }
            }
            case EPOCH_SEEN -> checkFilter(client, next, now.word(Word.FILTER), now.seen[client], steps);
            case FILTER_SEEN -> checkFilter(client, next, now.seen[client], now.word(Word.EPOCH), steps);
            default -> {
                return;
            }
        }
    }

    private static void begin(ModelState now, int client, ModelState next, Steps steps) {
        if (now.descriptorGeneration[client] != 0 && !now.retired[client]) {
            next.at[client] = At.BEGUN;
            next.isLate[client] = now.descriptorGeneration[client] <= now.word(Word.ACKNOWLEDGED);
            steps.possible(Actor.client(client), Step.BEGIN_TAKE, next);
        }
    }

    private void pin(ModelState now, int client, ModelState next, At then, Steps steps) {
        next.at[client] = then;
        if (flaw == Flaw.PIN_WITHOUT_FENCE) {
            next.pinOnItsWay[client] = true;
        } else {
            next.pins[now.mappedFile[client] - 1]++;
        }
        steps.possible(Actor.client(client), Step.PIN, next);
    }

    private static void checkGeneration(ModelState now, int client, ModelState next, At then, Steps steps) {
        check(client, next, now.word(Word.GENERATION) != now.descriptorGeneration[client], Step.CHECK_GENERATION,
                then, steps);
    }

    private void checkState(ModelState now, int client, ModelState next, Steps steps) {
        boolean fails = flaw != Flaw.STATE_NOT_CHECKED && now.word(Word.STATE) != ModelState.LIVE;
        check(client, next, fails, Step.CHECK_STATE, At.SAME_STATE, steps);
    }

    private void checkEpoch(ModelState now, int client, ModelState next, Steps steps) {
        int epoch = now.word(Word.EPOCH);
        if (flaw == Flaw.EPOCH_NOT_CHECKED || epoch == now.descriptorEpoch[client]) {
            check(client, next, false, Step.CHECK_EPOCH, At.OPEN, steps);
        } else {
            see(client, next, epoch, At.EPOCH_SEEN, Step.SEE_EPOCH, steps);
        }
    }

    private static void see(int client, ModelState next, int value, At then, Step step, Steps steps) {
        next.seen[client] = value;
        next.at[client] = then;
        steps.possible(Actor.client(client), step, next);
    }

    private void checkFilter(int client, ModelState next, int entry, int epoch, Steps steps) {
        boolean fails = flaw != Flaw.FILTER_NOT_ASKED && entry > next.descriptorEpoch[client];
        next.seen[client] = 0;
        next.descriptorEpoch[client] = epoch;
        check(client, next, fails, Step.CHECK_FILTER, At.OPEN, steps);
    }

    /** Where a check fails, the descriptor is forgotten, and the pin, if it was counted, goes next. */
    private static void check(int client, ModelState next, boolean fails, Step step, At then, Steps steps) {
        boolean isLate = next.isLate[client];
        boolean pinned = next.at[client].hasPin();
        Actor actor = Actor.client(client);
        if (!fails && then == At.OPEN && isLate) {
            next.at[client] = then;
            steps.broken(actor, step, next, Invariant.NOTHING_OLD_AFTER_THE_ACKNOWLEDGEMENT);
            return;
        }
        next.at[client] = !fails ? then : pinned ? At.FAILED : At.IDLE;
        if (fails) {
            forget(next, client);
        }
        next.isLate[client] = isLate && !fails;
        steps.possible(actor, fails ? Step.CHECK_FAILED : step, next);
    }

    private static void read(ModelState now, int client, Supplier<ModelState> copy, Steps steps) {
        if (now.at[client] == At.OPEN) {
            readWord(now, client, Word.FIRST, Step.READ_FIRST, copy, steps);
            readWord(now, client, Word.SECOND, Step.READ_SECOND, copy, steps);
        }
        boolean isOver = now.at[client] == At.OPEN || now.at[client] == At.FAILED;
        if (isOver && !now.pinOnItsWay[client]) {
            ModelState next = copy.get();
            next.pins[now.mappedFile[client] - 1]--;
            next.at[client] = At.IDLE;
            if (now.retired[client]) {
                forget(next, client);
                if (!now.locked[client]) {
                    kill(next, client);
                }
            }
            steps.possible(Actor.client(client), now.at[client] == At.OPEN ? Step.RELEASE : Step.UNPIN_FAILED, next);
        }
    }

    /** A lease is read again and again: a right read changes nothing. */
    private static void readWord(ModelState now, int client, Word word, Step step, Supplier<ModelState> copy,
            Steps steps) {
        ModelState next = copy.get();
        if (now.word(word) == now.descriptorGeneration[client]) {
            steps.possible(Actor.client(client), step, next);
        } else {
            steps.broken(Actor.client(client), step, next, Invariant.LEASED_MEMORY_DOES_NOT_CHANGE);
        }
    }

    private void leave(ModelState now, int client, Supplier<ModelState> copy, Steps steps) {
        Actor actor = Actor.client(client);
        boolean isAttached = now.at[client].ordinal() >= At.IDLE.ordinal();
        if (mayLeave && isAttached && !now.retired[client]) {
            ModelState next = copy.get();
            next.retired[client] = true;
            if (now.at[client] == At.IDLE) {
                forget(next, client);
            }
            steps.possible(actor, Step.RETIRE, next);
        }
        boolean isUnused = now.mappedFile[client] != 0 && now.pins[now.mappedFile[client] - 1] == 0;
        if (now.retired[client] && now.locked[client] && (isUnused || flaw == Flaw.UNLOCKED_WITH_LEASES)) {
            ModelState next = copy.get();
            next.locked[client] = false;
            if (now.at[client] == At.IDLE) {
                kill(next, client); // it is over: the same as dead
            }
            steps.possible(actor, Step.UNLOCK, next);
        }
    }

    static boolean isLocked(ModelState now, int number) {
        for (int client = 0; client < ModelState.CLIENTS; client++) {
            if (now.locked[client] && now.number[client] == number) {
                return true;
            }
        }
        return false;
    }
}
