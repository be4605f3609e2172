// Package simulate runs the real runner and the real engine on a store in memory
// against a simulated world of two trackers and the people in it: no SQL, no HTTP, no
// goroutine that the scheduler of the operating system could order. Every activity is
// a coroutine that stops before and after each of its effects; one seed decides who
// goes on, how long everything takes, what people do, which requests fail and when a
// process dies. The same seed gives the same run.
//
// What must hold is in files of its own, one function a property (check_*.go); they
// know the world's truth and the final store, nothing of how the engine works.
package simulate
