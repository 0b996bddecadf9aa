package io.mooring.scheduler.zookeeper;

/** The store of tests keeps the contract of the real one. */
class MemoryStoreTest extends StoreContract {
    private final MemoryStore memory = new MemoryStore();

    @Override
    Term begin() {
        return new Term(memory.load(), memory.begin());
    }
}
