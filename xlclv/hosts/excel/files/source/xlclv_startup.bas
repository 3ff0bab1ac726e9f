' What happens when a book opens: the help of the functions, the key Ctrl+Shift+R, and an answer for
' cells that asked too early.
Option Explicit
Option Private Module

Private Const ADD_IN As String = "xlclv.xlam"
Private Const REFRESH_KEY As String = "^+r"

Private early As Object
Private asking As Boolean

Public Sub StartUp()
    If ThisWorkbook.IsAddin Then TakeKey
    ' Excel takes help only once it is ready for the user.
    On Error Resume Next
    Application.OnTime Now, InThisBook("RegisterHelp")
End Sub

Public Sub AskLater(ByVal cells As Range)
    If asking Then Exit Sub
    If early Is Nothing Then Set early = CreateObject("Scripting.Dictionary")
    Set early(cells.Address(External:=True)) = cells
    AskAgainSoon
End Sub

' Excel runs this only once it is ready for the user.
Public Sub AskAgainSoon()
    On Error Resume Next
    Application.OnTime Now, InThisBook("AskAgain")
End Sub

' Once and no more: whatever Excel says then, it shall not compute without end.
Public Sub AskAgain()
    Dim asked As Object
    Dim cells As Variant
    If early Is Nothing Then Exit Sub
    Set asked = early
    Set early = Nothing
    asking = True
    On Error Resume Next
    For Each cells In asked.Items
        cells.Dirty
    Next cells
    If Application.Calculation <> xlCalculationManual Then Application.Calculate
    asking = False
End Sub

Public Sub TakeKey()
    If IsInCharge() Then Application.OnKey REFRESH_KEY, InThisBook("Refresh")
End Sub

Public Sub ReturnKey()
    If IsInCharge() Then Application.OnKey REFRESH_KEY
End Sub

' Where the add-in is open it serves every book, this one too.
Public Function IsInCharge() As Boolean
    Dim other As Workbook
    If Not ThisWorkbook.IsAddin Then
        On Error Resume Next
        Set other = Workbooks(ADD_IN)
        On Error GoTo 0
    End If
    IsInCharge = other Is Nothing
End Function

Public Function InThisBook(ByVal macroName As String) As String
    InThisBook = "'" & Replace(ThisWorkbook.Name, "'", "''") & "'!" & macroName
End Function
