// Runs another script of this folder in a worker.
import { Worker } from 'node:worker_threads';

new Worker(new URL(process.argv[2] ?? '', import.meta.url));
