package console

import "os"

// keyByKey does nothing: the reader of the keys sets the console up, and back.
func keyByKey(*os.File) (restore func() error, err error) { return func() error { return nil }, nil }

// Foreground tells that the program has its console.
func Foreground(*os.File) bool { return true }

// onSuspend tells nothing: there is no such signal.
func onSuspend(chan<- os.Signal) (stop func()) { return func() {} }

func suspend() {}
