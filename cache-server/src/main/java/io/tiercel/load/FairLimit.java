package io.tiercel.load;

import java.util.ArrayList;
import java.util.List;

/**
 * So many things at a time, shared by parts so that none can starve the others: each part is sure of its share, and what
 * nobody is sure of goes to whoever comes first. Half of all is shared out evenly. Not threadsafe.
 */
final class FairLimit {
    /** One that takes of the whole. */
    static final class Part {
        private final int limit;
        private int used;

        private Part(int limit) {
            this.limit = limit;
        }

        int used() {
            return used;
        }
    }

    private final int capacity;
    private final List<Part> parts = new ArrayList<>();
    private int share;
    private int used;
    /** Of the shares, what their parts do not use now. */
    private int unusedShares;

    FairLimit(int capacity) {
        this.capacity = capacity;
    }

    /** A new part, which takes so many at most. */
    Part addPart(int limit) {
        Part part = new Part(limit);
        parts.add(part);
        shareOut();
        return part;
    }

    /** Takes a part out; what it still has it gives back as before. */
    void removePart(Part part) {
        parts.remove(part);
        shareOut();
    }

    private void shareOut() {
        int count = parts.size();
        share = count == 0 ? 0 : Math.max(capacity / (2 * count), capacity >= count ? 1 : 0);
        unusedShares = 0;
        for (Part part : parts) {
            unusedShares += Math.max(0, share - part.used);
        }
    }

    boolean tryTake(Part part) {
        int free = capacity - used;
        boolean isSure = part.used < share;
        if (part.used >= part.limit || free <= (isSure ? 0 : unusedShares)) {
            return false;
        }
        part.used++;
        used++;
        unusedShares -= isSure ? 1 : 0;
        return true;
    }

    void giveBack(Part part) {
        part.used--;
        used--;
        if (part.used < share && parts.contains(part)) {
            unusedShares++;
        }
    }

    /** Taken by all parts together. */
    int used() {
        return used;
    }
}
