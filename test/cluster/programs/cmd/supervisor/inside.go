package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// inside is PID 1 of the namespaces.
func inside(directory, target string) error {
	for _, file := range []int{lockFile, relayFile, controlFile} {
		syscall.CloseOnExec(file)
	}
	if err := mountNamespaces(); err != nil {
		return err
	}
	relay, err := net.FileListener(os.NewFile(relayFile, "relay"))
	if err != nil {
		return err
	}
	commands, err := net.FileListener(os.NewFile(controlFile, "control"))
	if err != nil {
		return err
	}
	s := newSupervisor()
	go s.reap()
	go serveRelay(relay, target)
	go s.serve(commands)
	terminate := make(chan os.Signal, 1)
	signal.Notify(terminate, syscall.SIGTERM, syscall.SIGINT)
	select {
	case <-terminate:
	case <-s.abandoned:
	case <-s.shutdown:
	}
	// Returning ends PID 1, and with it every process, mount and interface of these namespaces.
	return nil
}

func mountNamespaces() error {
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("private mounts: %w", err)
	}
	if err := syscall.Mount("proc", "/proc", "proc", syscall.MS_NOSUID|syscall.MS_NODEV|syscall.MS_NOEXEC, ""); err != nil {
		return fmt.Errorf("mount /proc: %w", err)
	}
	return nil
}

// serveRelay joins each connection on the host's loopback port to the target inside. The listening socket keeps the
// network namespace it was opened in; the dialling socket belongs to ours.
func serveRelay(relay net.Listener, target string) {
	for {
		outer, err := relay.Accept()
		if err != nil {
			fmt.Fprintln(os.Stderr, "supervisor: relay:", err)
			return
		}
		go func() {
			defer outer.Close()
			inner, err := net.DialTimeout("tcp", target, 5*time.Second)
			if err != nil {
				return
			}
			defer inner.Close()
			done := make(chan struct{})
			go func() {
				_, _ = io.Copy(inner, outer)
				_ = inner.(*net.TCPConn).CloseWrite()
				close(done)
			}()
			_, _ = io.Copy(outer, inner)
			_ = outer.(*net.TCPConn).CloseWrite()
			<-done
		}()
	}
}
