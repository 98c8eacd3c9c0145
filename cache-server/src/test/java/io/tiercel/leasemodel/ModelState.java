package io.tiercel.leasemodel;

/**
 * One state of the model: memory that all processes see, what the node and each client know for themselves, and what
 * the node has stored and memory does not show yet. Packs into 128 bits. Not threadsafe.
 */
@SuppressWarnings("EnumOrdinal") // packed into bits that do not outlive the run
final class ModelState {
    static final int CLIENTS = 2;
    static final int STORES = 4;

    static final int FREE = 0;
    static final int LIVE = 1;
    static final int DEAD = 2;

    /** Where a client is. */
    enum At {
        UNKNOWN,
        GRANTED,
        LOCKED,
        MAPPED,
        IDLE,
        BEGUN,
        GENERATION_SEEN,
        PINNED,
        NOT_RETIRED,
        SAME_GENERATION,
        SAME_STATE,
        EPOCH_SEEN,
        FILTER_SEEN,
        OPEN,
        FAILED,
        GONE;

        boolean hasPin() {
            return this == OPEN || this == PINNED || this == NOT_RETIRED || this == SAME_GENERATION
                    || this == SAME_STATE || this == EPOCH_SEEN || this == FILTER_SEEN || this == FAILED;
        }
    }

    /** As in {@code ReaderEntry}. */
    enum Entry {
        FREE, GRANTED, ATTACHED, LEAVING, DEAD
    }

    /** What the segment is for the node. */
    enum Phase {
        EMPTY, FILLED, RECLAIMING
    }

    /** What the node's thread is doing. */
    enum Doing {
        NOTHING, FENCE, PINS_OF_FIRST_READ
    }

    /** A word that the node writes and others read. */
    enum Word {
        GENERATION, STATE, FIRST, SECOND, FILTER, EPOCH, ACKNOWLEDGED;

        static final int COUNT = values().length;
    }

    private static final At[] ATS = At.values();
    private static final Entry[] ENTRIES = Entry.values();
    private static final Phase[] PHASES = Phase.values();
    private static final Doing[] DOINGS = Doing.values();

    // Memory. Words hold the generation whose frame they belong to, where they hold bytes of frames.
    final int[] words = new int[Word.COUNT];
    final int[] pins = new int[CLIENTS];

    // The node's stores on their way, oldest first.
    final int[] storeWords = new int[STORES];
    final int[] storeValues = new int[STORES];
    int stores;

    // The node's own.
    int generation = 1;
    int epoch;
    /** The epoch at which the frames' own prefix was invalidated; 0: not yet. */
    int coveringEpoch;
    boolean isServed;
    Phase phase = Phase.EMPTY;
    Doing doing = Doing.NOTHING;
    final Entry[] entries = {Entry.FREE, Entry.FREE};
    /** Of each number: which file lies there, 0 for none. */
    final int[] files = new int[CLIENTS];
    final boolean[] sessions = new boolean[CLIENTS];

    // Each client's own.
    final At[] at = {At.UNKNOWN, At.UNKNOWN};
    final boolean[] dead = new boolean[CLIENTS];
    final boolean[] stopped = new boolean[CLIENTS];
    final boolean[] retired = new boolean[CLIENTS];
    final boolean[] locked = new boolean[CLIENTS];
    final boolean[] pinOnItsWay = new boolean[CLIENTS];
    final int[] number = new int[CLIENTS];
    final int[] mappedFile = new int[CLIENTS];
    final int[] descriptorGeneration = new int[CLIENTS];
    final int[] descriptorEpoch = new int[CLIENTS];
    /** What a client has just loaded: an epoch, or the filter's entry. */
    final int[] seen = new int[CLIENTS];
    /** Whether the frame was covered by an acknowledged invalidation when the take began. */
    final boolean[] isLate = new boolean[CLIENTS];

    private long packed;
    private int bits;

    int word(Word word) {
        return words[word.ordinal()];
    }

    void store(Word word, int value) {
        storeWords[stores] = word.ordinal();
        storeValues[stores] = value;
        stores++;
    }

    /** The oldest store becomes visible. */
    void showStore() {
        words[storeWords[0]] = storeValues[0];
        stores--;
        for (int i = 0; i < stores; i++) {
            storeWords[i] = storeWords[i + 1];
            storeValues[i] = storeValues[i + 1];
        }
        storeWords[stores] = 0;
        storeValues[stores] = 0;
    }

    /** The half of the packed form with memory and the node's stores. */
    long packShared() {
        begin();
        put(word(Word.GENERATION), 2);
        put(word(Word.STATE), 2);
        put(word(Word.FIRST), 2);
        put(word(Word.SECOND), 2);
        put(word(Word.FILTER), 2);
        put(word(Word.EPOCH), 2);
        put(word(Word.ACKNOWLEDGED), 2);
        put(stores, 3);
        for (int i = 0; i < STORES; i++) {
            put(storeWords[i], 3);
            put(storeValues[i], 2);
        }
        put(pins[0] + 1, 2);
        put(pins[1] + 1, 2);
        return packed;
    }

    /** The other half. */
    long packOwn() {
        begin();
        put(generation, 2);
        put(epoch, 2);
        put(coveringEpoch, 2);
        put(isServed);
        put(phase.ordinal(), 2);
        put(doing.ordinal(), 2);
        for (int i = 0; i < CLIENTS; i++) {
            put(entries[i].ordinal(), 3);
            put(files[i], 2);
            put(sessions[i]);
            put(at[i].ordinal(), 4);
            put(dead[i]);
            put(stopped[i]);
            put(retired[i]);
            put(locked[i]);
            put(pinOnItsWay[i]);
            put(number[i], 1);
            put(mappedFile[i], 2);
            put(descriptorGeneration[i], 2);
            put(descriptorEpoch[i], 2);
            put(seen[i], 2);
            put(isLate[i]);
        }
        return packed;
    }

    ModelState unpack(long shared, long own) {
        begin();
        packed = shared;
        words[Word.GENERATION.ordinal()] = take(2);
        words[Word.STATE.ordinal()] = take(2);
        words[Word.FIRST.ordinal()] = take(2);
        words[Word.SECOND.ordinal()] = take(2);
        words[Word.FILTER.ordinal()] = take(2);
        words[Word.EPOCH.ordinal()] = take(2);
        words[Word.ACKNOWLEDGED.ordinal()] = take(2);
        stores = take(3);
        for (int i = 0; i < STORES; i++) {
            storeWords[i] = take(3);
            storeValues[i] = take(2);
        }
        pins[0] = take(2) - 1;
        pins[1] = take(2) - 1;
        begin();
        packed = own;
        generation = take(2);
        epoch = take(2);
        coveringEpoch = take(2);
        isServed = is();
        phase = PHASES[take(2)];
        doing = DOINGS[take(2)];
        for (int i = 0; i < CLIENTS; i++) {
            entries[i] = ENTRIES[take(3)];
            files[i] = take(2);
            sessions[i] = is();
            at[i] = ATS[take(4)];
            dead[i] = is();
            stopped[i] = is();
            retired[i] = is();
            locked[i] = is();
            pinOnItsWay[i] = is();
            number[i] = take(1);
            mappedFile[i] = take(2);
            descriptorGeneration[i] = take(2);
            descriptorEpoch[i] = take(2);
            seen[i] = take(2);
            isLate[i] = is();
        }
        return this;
    }

    private void begin() {
        packed = 0L;
        bits = 0;
    }

    private void put(int value, int width) {
        assert value >= 0 && value < 1 << width : "value=" + value + " width=" + width;
        packed |= (long) value << bits;
        bits += width;
        assert bits <= Long.SIZE;
    }

    private void put(boolean value) {
        put(value ? 1 : 0, 1);
    }

    private int take(int width) {
        int value = (int) (packed >>> bits) & (1 << width) - 1;
        bits += width;
        return value;
    }

    private boolean is() {
        return take(1) != 0;
    }
}
